"""What is said of a task in one line."""

from evalkit.tasks.progress import Progress

HOUR = 3600
MINUTE = 60
THOUSAND = 1000


def duration(seconds: float) -> str:
    """Return `1:02:03`, or `2:03` for less than an hour."""
    whole = round(seconds)
    hours, minutes = whole // HOUR, whole % HOUR // MINUTE
    return (
        f'{hours}:{minutes:02}:{whole % MINUTE:02}' if hours else f'{minutes}:{whole % MINUTE:02}'
    )


def rate(progress: Progress) -> float:
    """Return the answers a second, without those of an earlier run; 0 where it is not known."""
    if progress.ask_seconds <= 0:
        return 0.0
    return (progress.num_done - progress.num_reused) / progress.ask_seconds


def samples_rate(progress: Progress) -> str:
    """Return `12.3/s`, or an empty text."""
    return f'{rate(progress):.1f}/s' if rate(progress) else ''


def tokens_rate(progress: Progress) -> str:
    """Return `456 tok/s` or `12k tok/s`, or an empty text."""
    if progress.ask_seconds <= 0 or not progress.output_tokens:
        return ''
    speed = progress.output_tokens / progress.ask_seconds
    return f'{speed / THOUSAND:.0f}k tok/s' if speed >= 10 * THOUSAND else f'{speed:.0f} tok/s'


def time_left(progress: Progress) -> str:
    """Return how long the rest will take at the speed so far, or an empty text."""
    left = progress.num_total - progress.num_done
    if left <= 0 or not rate(progress):
        return ''
    return f'{duration(left / rate(progress))} left'


def samples_done(progress: Progress) -> str:
    """Return `37/100`, or an empty text before the total is known."""
    return f'{progress.num_done}/{progress.num_total}' if progress.num_total else ''


def samples_failed(progress: Progress) -> str:
    """Return `3 failed`, or an empty text."""
    return f'{progress.num_failed} failed' if progress.num_failed else ''


def samples_reused(progress: Progress) -> str:
    """Return what a resumed run has used again, or an empty text for a fresh one."""
    if not (progress.num_reused or progress.num_stale):
        return ''
    num_new = progress.num_total - progress.num_reused
    return f'reused {progress.num_reused}, stale {progress.num_stale}, new {num_new}'


def service(progress: Progress) -> str:
    """Return what matters most while a service is asked: `3 retries 0.0123 paid`, or nothing."""
    retries = f'{progress.num_retries} retries' if progress.num_retries else ''
    paid = f'{progress.cost:.4g} paid' if progress.cost is not None else ''
    return ' '.join(filter(None, (retries, paid)))


def requests_made(progress: Progress) -> str:
    """Return what a service was asked: `1210 requests, 3 retries, 0.0123 paid`, or nothing."""
    if not progress.num_requests:
        return ''
    parts = [f'{progress.num_requests} requests']
    parts += [f'{progress.num_retries} retries'] if progress.num_retries else []
    parts += [f'{progress.prompt_tokens} prompt tokens'] if progress.prompt_tokens else []
    parts += [f'{progress.cached_tokens} of them cached'] if progress.cached_tokens else []
    parts += [f'{progress.cost:.4g} paid'] if progress.cost is not None else []
    return ', '.join(parts)


def summary(progress: Progress, seconds: float) -> str:
    """Return what there is to say of a task that has ended."""
    parts = (
        samples_done(progress),
        samples_reused(progress),
        samples_failed(progress),
        f'in {duration(seconds)}',
        samples_rate(progress),
        tokens_rate(progress),
        requests_made(progress),
    )
    return ', '.join(filter(None, parts))
