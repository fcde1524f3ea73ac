"""``demo``: the worked example on an embedded store, then the web server."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from registry.cli.options import data


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes a free one.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--no-serve", is_flag=True, help="Tell the story and end.")
@data
def demo(port: int, host: str, no_serve: bool, directory: Path | None) -> None:
    """The worked example on an embedded store, then the web server.

    Creates DIR (demo-data by default), continues its own, and refuses another's. Everything in it is synthetic.
    """
    from registry.demo import open_demo

    registry, sign_ins, token = open_demo(directory or Path("demo-data"), lambda step: click.echo(step, err=True))
    serving = None
    if not no_serve:
        from registry.cli.serve import listening

        serving, address = listening(registry, host, port)
        click.echo(f"address: {address}")
    for sign_in in sign_ins:
        click.echo(f"sign-in: {sign_in.role.replace(' ', '-')} {sign_in.name} {sign_in.password}")
    click.echo(f"token: {token}")
    sys.stdout.flush()
    if serving is None:
        registry.close()
        return
    click.echo("Everything here is synthetic. Stop with Ctrl-C.", err=True)
    with registry.following():
        serving.run()


COMMANDS = {"demo": demo}
