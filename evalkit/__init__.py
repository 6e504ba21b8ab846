"""evalkit tells how good a language model is on the benchmarks that a config names.

Layers, top to bottom; an import goes down only, and `|` means that neither imports the other
(`make check` verifies it):

    cli
    servers
    summarizers | exports | imports | runners | partitioners
    tasks
    datasets
    inferencers | evaluators | accelerate
    models | prompts | postprocessors | catalog
    workers
    config | store | sandbox
    types | errors
"""

__version__ = '0.1.0'
