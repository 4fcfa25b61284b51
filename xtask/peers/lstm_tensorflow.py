"""Clips a second of training LSTM 1x250 or 2x250 in Keras on TensorFlow, batch 128: the peer of
crates/trainer/benches/lstm.rs.

python lstm_tensorflow.py LAYERS
"""

import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
import keras
import numpy as np
import tensorflow as tf
from keras import layers
from line import THREADS, rate, say

tf.config.threading.set_intra_op_parallelism_threads(THREADS)
keras.utils.set_random_seed(1)
depth, clips = int(sys.argv[1]), 512
x = inputs = layers.Input((22, 513))
for layer in range(depth):
    x = layers.Dropout(0.2)(layers.LSTM(250, return_sequences=layer + 1 < depth)(x))
network = keras.Model(inputs, layers.Dense(10)(x))
network.compile(
    optimizer=keras.optimizers.SGD(0.1, global_clipnorm=5.0),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    jit_compile=False,  # XLA takes about twice as long here
)
x = np.random.default_rng(1).standard_normal((clips, 22, 513), dtype=np.float32)
y = np.arange(clips) % 10
value = rate(clips, 7, lambda: network.fit(x, y, batch_size=128, epochs=1, verbose=0))
say(f"lstm-{depth}x250", value, "clips/s", f"tensorflow {tf.__version__}", "batches of 128")
