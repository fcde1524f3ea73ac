"""Results and a specification to a verdict. Pure: nothing here reads a ledger, a graph or the time.

``evidence``      what bears on each criterion of a lot
``shacl``         evidence held against the specification
``independent``   the same by comparing decimals: written independently
``combination``   from the verdict of each evidence to that of a lot
``judge``         lots judged, in batches
``many``          many lots from kept results: what several show alike is judged once
``kept_results``  what judgement reads of a result, as text and back
``binomial``      what so many counted events say of a population
``plausibility``  claims that what is on record contradicts
``trend_rules``   values that pass and are out of trend: Westgard's and Nelson's rules
``contaminants``  what cells a panel's markers point to: advice, never a judgement
"""
