"""Processes that the tests start in order to harm them."""
