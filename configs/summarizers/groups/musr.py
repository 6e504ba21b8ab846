"""MuSR as a whole: the mean of its three kinds of stories."""

musr_summary_groups = [
    dict(
        name='musr_average',
        subsets=['musr_murder_mysteries', 'musr_object_placements', 'musr_team_allocation'],
    )
]
