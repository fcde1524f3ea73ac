"""The reference SDK's client, run by an interpreter of its own: what it lists and what it is answered, as JSON.

python reference_client.py stdio|http < {"command": […] | "address": "…", "token": "…", "calls": [[name, arguments], …]}

It needs another release of a library than an instrument's reader does, so it stands in its own environment.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any


async def main(asked: dict[str, Any]) -> dict[str, Any]:
    from mcp import Client, StdioServerParameters
    from mcp.client.streamable_http import streamable_http_client
    from mcp.shared._httpx_utils import create_mcp_http_client

    if "command" in asked:
        server: Any = StdioServerParameters(command=asked["command"][0], args=asked["command"][1:])
    else:
        http = create_mcp_http_client(headers={"Authorization": f"Bearer {asked['token']}"})
        server = streamable_http_client(asked["address"], http_client=http)
    async with Client(server) as client:
        tools = [tool.name for tool in (await client.list_tools()).tools]
        answers = [(await client.call_tool(name, arguments)).structured_content for name, arguments in asked["calls"]]
        return {"tools": tools, "answers": answers, "instructions": client.instructions}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(json.load(sys.stdin)))))
