"""Writes goldens.json: what scipy and librosa make of a signal that the tests make as well.

    python3 -m venv .venv && .venv/bin/pip install scipy==1.17.1 librosa==0.11.0
    .venv/bin/python crates/features/tests/golden/make_goldens.py
"""

import json
import pathlib

import librosa
import numpy as np
import scipy
from scipy import signal as ss


def test_signal(n):
    """Two chirps with a growing second one, an offset and noise: integers alone, so that no library rounds a sine.

    Its twin is `test_signal` in tests/common/mod.rs.
    """
    lcg, phases, out = 1, [0, 0], []
    for i in range(n):
        lcg = (lcg * 1664525 + 1013904223) % 2**32
        value = 1500 + ((lcg >> 16) - 32768) // 64
        for voice, (increment, gain) in enumerate([(600 + i // 2, 12), (20000 - i // 3, i * 14 // n)]):
            phases[voice] = (phases[voice] + increment) % 65536
            p = phases[voice] - 32768
            value += gain * (p * (32768 - abs(p)) // 8192) // 64  # two parabolas for a sine
        out.append(value)
    return np.array(out) / 32768  # f64: no rounding beyond the 16 bits


def numbers(array):
    return [float(f"{v:.9g}") for v in np.asarray(array, dtype=np.float64).ravel()]


def some(frames, bins):
    """The rows and columns that are kept: ends and a spread of the inner ones."""
    rows = sorted({0, 1, frames // 2, frames - 1} & set(range(frames)))
    columns = sorted({0, 1, 2, bins - 2, bins - 1, *range(0, bins, max(1, bins // 16))} & set(range(bins)))
    return rows, columns


def ours(window):
    """The name of scipy's window in a specification."""
    if isinstance(window, tuple):
        return {window[0]: {"alpha": window[1]}}
    return {"triang": "triangular", "boxcar": "rectangular"}.get(window, window)


def scipy_case(name, n, fs, nperseg, hop, window, detrend, scaling, symmetry="periodic"):
    coefficients = ss.get_window(window, nperseg, fftbins=symmetry == "periodic")
    _, _, power = ss.spectrogram(test_signal(n), fs=fs, window=coefficients, nperseg=nperseg, noverlap=nperseg - hop,
                                 detrend=detrend, scaling=scaling, mode="psd")
    return golden(name, n, fs, power.T, {
        "n_fft": nperseg, "hop": hop, "window": ours(window), "symmetry": symmetry,
        "detrend": detrend or "none", "scaling": scaling, "output": "power"})


def librosa_case(name, n, n_fft, hop, win_length=None, window="hann", center=True, pad_mode="constant"):
    spectrum = librosa.stft(test_signal(n), n_fft=n_fft, hop_length=hop, win_length=win_length, window=window,
                            center=center, pad_mode=pad_mode)
    padding = {"constant": "zero"}.get(pad_mode, pad_mode) if center else "none"
    return golden(name, n, 22050, spectrum.T, {
        "n_fft": n_fft, "hop": hop, "win_length": win_length, "window": ours(window), "padding": padding,
        "output": "magnitude"})


def golden(name, n, fs, matrix, spectrogram):
    rows, columns = some(*matrix.shape)
    picked = matrix[np.ix_(rows, columns)]
    case = {"name": name, "shape": list(matrix.shape), "rows": rows, "columns": columns,
            "max": float(f"{np.abs(matrix).max():.9g}"),
            "spec": {"sample_rate_hz": fs, "clip_samples": n, "representation": {"spectrogram": spectrogram}},
            "re": numbers(picked.real)}
    if np.iscomplexobj(matrix):
        case["im"] = numbers(picked.imag)
    return case


def window_cases():
    windows = ["hann", "hamming", "blackman", "bartlett", "triang", "boxcar"]
    windows += [("tukey", alpha) for alpha in (0.0, 0.25, 0.6, 1.0)]
    return [{"window": ours(window), "symmetry": symmetry, "n": n,
             "values": numbers(ss.get_window(window, n, fftbins=symmetry == "periodic"))}
            for window in windows for symmetry in ("periodic", "symmetric") for n in (1, 2, 3, 8, 13)]


def main():
    check = test_signal(20000)
    irvin = scipy_case("scipy defaults at nperseg 1024, as Irvin et al.", 20000, 4000, 1024, 896, ("tukey", 0.25),
                       "constant", "density")
    # The same call with nothing but scipy's own defaults: noverlap 128, Tukey 0.25, constant detrend, density.
    _, _, default = ss.spectrogram(check, fs=4000, nperseg=1024)
    assert default.T.shape == (22, 513)
    rows, columns = irvin["rows"], irvin["columns"]
    assert irvin["re"] == numbers(default.T[np.ix_(rows, columns)])

    cases = [
        irvin,
        scipy_case("odd frame, spectrum", 6000, 8000, 601, 150, "hamming", "constant", "spectrum"),
        scipy_case("prime frame, no detrend", 5000, 22050, 509, 509, "blackman", False, "density"),
        scipy_case("symmetric window", 4000, 11025, 400, 100, "hann", "constant", "density",
                   symmetry="symmetric"),
        scipy_case("bartlett, short frame", 900, 16000, 30, 7, "bartlett", "constant", "spectrum"),
        scipy_case("triangle, even frame", 3000, 4000, 256, 255, "triang", False, "spectrum"),
        scipy_case("rectangle", 3000, 4000, 360, 90, "boxcar", "constant", "density"),
        librosa_case("librosa defaults", 20000, 2048, 512),
        librosa_case("reflect", 5000, 1024, 300, pad_mode="reflect"),
        librosa_case("edge, odd frame", 4000, 601, 200, pad_mode="edge"),
        librosa_case("zero, odd frame, odd hop", 4000, 333, 77),
        librosa_case("not centred", 6000, 1024, 256, center=False),
        librosa_case("short window", 6000, 1024, 256, win_length=600),
        librosa_case("odd short window, reflect", 6000, 512, 160, win_length=401, window="hamming",
                     pad_mode="reflect"),
        librosa_case("prime frame, tukey, not centred", 6000, 797, 111, window=("tukey", 0.5), center=False),
        librosa_case("hop beyond the frame", 6000, 128, 1000, window="blackman"),
    ]
    target = pathlib.Path(__file__).with_name("goldens.json")
    document = {
        "made_by": "make_goldens.py",
        "versions": {"numpy": np.__version__, "scipy": scipy.__version__, "librosa": librosa.__version__},
        "signal": [int(v) for v in check[:64] * 32768],
        "signal_sum": int((check * 32768).sum()),
        "windows": window_cases(),
        "spectrograms": cases,
    }
    text = json.dumps(document, separators=(",", ":"))
    # One case a line, so that a change shows as one.
    target.write_text(text.replace('{"name"', '\n{"name"').replace('{"window":', '\n{"window":') + "\n")


if __name__ == "__main__":
    main()
