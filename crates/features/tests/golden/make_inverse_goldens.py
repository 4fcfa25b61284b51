"""Writes inverse_goldens.json: what librosa's inverse transforms make of the signal that the tests make as well.

    python3 -m venv .venv && .venv/bin/pip install scipy==1.17.1 librosa==0.11.0
    .venv/bin/python crates/features/tests/golden/make_inverse_goldens.py
"""

import json
import pathlib

import librosa
import numpy as np
import scipy

from make_goldens import numbers, ours, test_signal

ITERATIONS = [1, 8, 32]


def spectra(n, config):
    signal = test_signal(n)
    return librosa.stft(signal, n_fft=config["n_fft"], hop_length=config["hop"], win_length=config["win_length"],
                        window=config["window"], center=config["center"], pad_mode="constant")


def arguments(config):
    return {"hop_length": config["hop"], "win_length": config["win_length"], "n_fft": config["n_fft"],
            "window": config["window"], "center": config["center"]}


def convergence(config, samples, magnitudes):
    found = np.abs(librosa.stft(samples, pad_mode="constant", **arguments(config)))
    return float(f"{np.linalg.norm(found - magnitudes) / np.linalg.norm(magnitudes):.9g}")


def case(name, n, n_fft, hop, win_length=None, window="hann", center=True):
    """The inverse of altered spectra, which no signal has, and Griffin-Lim from phases of 0 with and without momentum."""
    config = {"n_fft": n_fft, "hop": hop, "win_length": win_length or n_fft, "window": window, "center": center}
    given = spectra(n, config)
    altered = given * (1 + (np.arange(given.shape[0]) % 3)[:, None]) * (1 + (np.arange(given.shape[1]) % 2)[None, :])
    back = librosa.istft(altered, length=n, **arguments(config))
    picked = sorted({0, 1, 2, n // 2, n - 2, n - 1, *range(0, n, max(1, n // 60))})
    magnitudes = np.abs(altered)
    griffin_lim = [
        {"iterations": iterations, "momentum": momentum,
         "convergence": convergence(config, librosa.griffinlim(
             magnitudes, n_iter=iterations, momentum=momentum, init=None, length=n, pad_mode="constant",
             **arguments(config)), magnitudes)}
        for momentum in (0.0, 0.99) for iterations in ITERATIONS]
    stft = {"n_fft": n_fft, "hop": hop, "win_length": config["win_length"], "window": ours(window),
            "padding": "zero" if center else "none"}
    return {"name": name, "samples": n, "stft": stft, "picked": picked, "largest": float(f"{np.abs(back).max():.9g}"),
            "values": numbers(back[picked]), "griffin_lim": griffin_lim}


def mel_case(name, n, sample_rate, n_fft, hop, n_mels):
    """What librosa's bands lack, relative to what was asked for, once they have been taken back to bins."""
    power = librosa.feature.melspectrogram(y=test_signal(n), sr=sample_rate, n_fft=n_fft, hop_length=hop, n_mels=n_mels)
    back = librosa.feature.inverse.mel_to_stft(power, sr=sample_rate, n_fft=n_fft, power=2.0)
    bank = librosa.filters.mel(sr=sample_rate, n_fft=n_fft, n_mels=n_mels)
    found = bank @ back**2
    with np.errstate(divide="ignore"):
        decibels = np.abs(10 * np.log10(np.maximum(found, 1e-10)) - 10 * np.log10(np.maximum(power, 1e-10)))
    return {"name": name, "samples": n, "sample_rate_hz": sample_rate,
            "mel": {"n_fft": n_fft, "hop": hop, "padding": "zero", "n_mels": n_mels},
            "residual": float(f"{np.linalg.norm(found - power) / np.linalg.norm(power):.6g}"),
            "mean_decibels": float(f"{decibels.mean():.6g}")}


def main():
    cases = [
        case("Irvin's framing", 20000, 1024, 896, window=("tukey", 0.25), center=False),
        case("librosa's defaults, as Li", 20000, 2048, 512),
        case("odd frame and hop", 6000, 601, 150, window="hamming"),
        case("short window", 6000, 1024, 256, win_length=600),
        case("not centred, half overlap", 6000, 512, 256, center=False),
    ]
    mel_cases = [mel_case("Li's bands", 65024, 22050, 2048, 512, 128), mel_case("MusiCNN's bands", 16000, 16000, 512, 256, 96)]
    document = {
        "made_by": "make_inverse_goldens.py",
        "versions": {"numpy": np.__version__, "scipy": scipy.__version__, "librosa": librosa.__version__},
        "cases": cases,
        "mel_cases": mel_cases,
    }
    target = pathlib.Path(__file__).with_name("inverse_goldens.json")
    target.write_text(json.dumps(document, separators=(",", ":")).replace('{"name"', '\n{"name"') + "\n")


if __name__ == "__main__":
    main()
