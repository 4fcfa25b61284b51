"""CPU milliseconds of a track's fifty tags by the package musicnn 0.1.0 on TensorFlow: decoding, resampling and mel by librosa, then the
package's graph over all patches of the track at once (its own loop takes them one by one).

python musicnn_tensorflow.py WHEEL FILES…
"""

import os
import sys
import tempfile
import zipfile

os.environ["TF_USE_LEGACY_KERAS"] = "1"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import librosa
import numpy as np
import tensorflow as tf
from line import THREADS, cpu_ms_each, say

wheel, *files = sys.argv[1:]
# Its pins are of 2019, so that pip does not install it beside a TensorFlow of today; its code runs.
scratch = tempfile.TemporaryDirectory()
zipfile.ZipFile(wheel).extractall(scratch.name)
sys.path.insert(0, scratch.name)
from musicnn import models

tf.compat.v1.disable_eager_execution()
with tf.name_scope("model"):
    x = tf.compat.v1.placeholder(tf.float32, [None, 187, 96])
    training = tf.compat.v1.placeholder(tf.bool)
    y, *_ = models.define_model(x, training, "MSD_musicnn", 50)
threads = tf.compat.v1.ConfigProto(intra_op_parallelism_threads=THREADS, inter_op_parallelism_threads=1)
session = tf.compat.v1.Session(config=threads)
tf.compat.v1.train.Saver().restore(session, f"{scratch.name}/musicnn/MSD_musicnn/")
means = []


def work():
    means.clear()
    for file in files:
        audio, rate = librosa.load(file, sr=16000)
        mel = librosa.feature.melspectrogram(y=audio, sr=rate, hop_length=256, n_fft=512, n_mels=96).T.astype(np.float32)
        mel = np.log10(10000 * mel + 1)
        patches = np.stack([mel[i * 187 : (i + 1) * 187] for i in range(len(mel) // 187)])
        means.extend(session.run(y, {x: patches, training: False}).mean(1))


ms = cpu_ms_each(len(files), work)
version = f"musicnn 0.1.0, TensorFlow {tf.__version__}, librosa {librosa.__version__}"
say("MusiCNN's tags", ms, "CPU ms/track", version, f"{len(means)} patches", np.mean(means))
