"""The few Linux calls the standard library has no name for, made through the C library.

They are called between fork and exec, so they allocate little and import nothing.
"""

import ctypes
import os
import signal

CAP_DAC_OVERRIDE = 1
CAP_DAC_READ_SEARCH = 2

_PR_SET_PDEATHSIG = 1
_PR_SET_SECUREBITS = 28
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
_SECBIT_NO_SETUID_FIXUP = 1 << 2
_CAPABILITY_VERSION_3 = 0x20080522

_libc = ctypes.CDLL(None, use_errno=True)


class _CapabilityHeader(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _CapabilitySets(ctypes.Structure):
    _fields_ = (("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32))


def die_with_parent(death_signal: signal.Signals, parent: int) -> None:
    """Ask the kernel to send `death_signal` when the parent dies; leave at once if it is dead already.

    Call it after any change of user or capabilities: the kernel forgets the wish at such a change.
    """
    _prctl(_PR_SET_PDEATHSIG, death_signal)
    if os.getppid() != parent:
        os._exit(1)


def keep_capabilities_across_setuid() -> None:
    """Let capabilities survive setuid, and let access(2) honour them.

    Without the second effect PostgreSQL, which asks access(2) about its own executable, would not find itself.
    """
    _prctl(_PR_SET_SECUREBITS, _SECBIT_NO_SETUID_FIXUP)


def reduce_capabilities_to(capability: int) -> None:
    """Give up every capability but this one, and hand that one on through exec."""
    mask = 1 << capability
    header = _CapabilityHeader(_CAPABILITY_VERSION_3, 0)
    sets = (_CapabilitySets * 2)(_CapabilitySets(mask, mask, mask), _CapabilitySets(0, 0, 0))
    if _libc.capset(ctypes.byref(header), sets) != 0:
        _raise_errno()
    _prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, capability)


def _prctl(option: int, *arguments: int) -> None:
    padded = (*arguments, 0, 0, 0, 0)[:4]
    if _libc.prctl(option, *(ctypes.c_ulong(argument) for argument in padded)) != 0:
        _raise_errno()


def _raise_errno() -> None:
    number = ctypes.get_errno()
    raise OSError(number, os.strerror(number))
