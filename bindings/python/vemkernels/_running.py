"""Long calls: progress, Ctrl-C, scores that are Python functions."""
import ctypes
import sys
import threading
import time

import numpy as np

from . import _arrays, _native

#: Calls of more arithmetic than this run beside the main thread, which so stays open to Ctrl-C.
_LONG_WORK = 2e9

_BAR = 40


class _Bar:
    """A line of progress on standard error."""

    def __init__(self):
        self._start = time.time()
        self._last = -1.0

    def show(self, stage, fraction):
        now = time.time()
        if now - self._last < 0.1 and fraction < 1:
            return
        self._last = now
        done = int(fraction * _BAR)
        spent = now - self._start
        left = f"{spent / fraction - spent:.1f} s left" if fraction > 0 else "? s left"
        sys.stderr.write(
            f"\r[{'.' * done}{' ' * (_BAR - done)}] {fraction:4.0%} | {spent:.1f} s, {left} | {stage}\x1b[K")
        sys.stderr.flush()

    def close(self):
        if self._last >= 0:
            sys.stderr.write("\n")


class Score:
    """A score function of the caller's as the C library takes it; one of ours becomes its number."""

    def __init__(self, function, dtype, reference):
        self.error = None
        self.kind = getattr(function, "vem_kind", None)
        self._function = function
        self._dtype = dtype
        self._reference = reference
        self._callback = _native.ScoreFunction(self._call) if self.kind is None else None

    def _call(self, _, truth, predictions, scores):
        try:
            y = _arrays.view(truth.contents).astype(self._dtype)
            p = _arrays.view(predictions.contents).astype(self._dtype)
            result = self._function(_arrays.like(y, self._reference), _arrays.like(p, self._reference))
            np.ctypeslib.as_array(scores, (y.shape[1],))[:] = _arrays.to_numpy(result)
            return 0
        except BaseException as error:  # it crosses C code: raised again when the call has returned
            self.error = error
            return 1

    def put(self, options):
        """Writes the score into options."""
        if self.kind is not None:
            options.score = self.kind
        else:
            options.score_function = self._callback


def run(name, *arguments, work=0.0, progress_bar=False, score=None, near=None):
    """Calls a solver: backend first, vem_call last. It computes where the array `near` lies.

    Raises what the score function raised; KeyboardInterrupt, once the C library has stopped, after Ctrl-C.
    """
    backend = _arrays.backend_of(near)
    function = getattr(_native.library(), name)
    beside = work >= _LONG_WORK and threading.current_thread() is threading.main_thread()
    if not beside and not progress_bar:
        _finish(function(backend, *arguments, None), score)
        return
    call = _native.defaults(_native.Call)
    bar = _Bar() if progress_bar else None
    if bar is not None:
        call.progress = _native.ProgressFunction(lambda _, stage, fraction: bar.show(stage.decode(), fraction) or 0)
    try:
        if beside:
            _run_beside(function, backend, arguments, call, score)
        else:
            _finish(function(backend, *arguments, ctypes.byref(call)), score)
    finally:
        if bar is not None:
            bar.close()


def _finish(status, score):
    if status:
        if score is not None and score.error is not None:
            raise score.error
        _native.check(status)


def _run_beside(function, backend, arguments, call, score):
    flag = ctypes.c_uint64()
    _native.call("vem_cancellation_create", ctypes.byref(flag))
    call.cancellation = flag.value
    failure = []

    def body():
        try:
            _native.check(function(backend, *arguments, ctypes.byref(call)))
        except BaseException as error:  # the text of an error is kept by thread: read here, raised there
            failure.append(error)

    thread = threading.Thread(target=body, name="vemkernels")
    interrupt, started = None, False
    try:
        while True:
            try:  # all that may be interrupted: nothing may leave the thread behind
                if not started:
                    started = True
                    thread.start()
                while thread.is_alive():
                    thread.join(0.2)  # wakes up for interrupts that are no signal, such as a notebook sends
                break
            except KeyboardInterrupt as error:
                interrupt = error
                _native.call("vem_cancellation_cancel", flag)
    finally:
        _native.call("vem_cancellation_free", flag)
    if score is not None and score.error is not None:
        raise score.error
    if interrupt is not None:
        raise interrupt
    if failure:
        raise failure[0]
