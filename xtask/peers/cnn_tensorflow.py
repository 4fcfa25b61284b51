"""Samples a second of Li 2019's attention CNN in Keras on TensorFlow, training or answering, and its peak memory: the peer
of crates/trainer/benches/cnn.rs and crates/models/benches/cnn_infer.rs.

python cnn_tensorflow.py train|infer BATCH
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


def norm():
    return layers.BatchNormalization(momentum=0.99, epsilon=1e-3)


class MapAttention(layers.Layer):
    """The feature maps as a sequence: each is scored, and their weighted sum is one more map."""

    def build(self, shape):
        self.score = self.add_weight(shape=(shape[1] * shape[2], 1), initializer="glorot_normal")

    def call(self, maps):
        flat = tf.transpose(tf.reshape(maps, (-1, maps.shape[1] * maps.shape[2], maps.shape[3])), (0, 2, 1))
        alpha = tf.nn.softmax(tf.squeeze(tf.matmul(flat, self.score), -1))
        summed = tf.einsum("nc,ncp->np", alpha, flat)
        return tf.concat([maps, tf.reshape(summed, (-1, maps.shape[1], maps.shape[2], 1))], -1)


def model():
    x = inputs = layers.Input((128, 128, 1))
    x = norm()(x)
    for size in (64, 128, 256):
        x = norm()(layers.Conv2D(size, 2, padding="same", activation="relu")(x))
        x = layers.MaxPooling2D(2)(x)
    x = norm()(layers.Conv2D(512, 2, strides=2, padding="same", activation="relu")(x))
    x = layers.Average()([layers.MaxPooling2D(2)(x), layers.AveragePooling2D(2)(x)])
    x = layers.Dropout(0.5)(layers.Flatten()(MapAttention()(x)))
    x = norm()(layers.Dense(15, activation="relu", kernel_regularizer=keras.regularizers.L2(1e-3))(x))
    x = layers.Dropout(0.5)(x)
    heads = [layers.Dense(n, activation="softmax", name=name)(x) for name, n in (("genre", 10), ("mood", 3))]
    return keras.Model(inputs, heads)


kind, batch = sys.argv[1], int(sys.argv[2])
clips = batch if batch > 64 else 4 * batch
network = model()
network.compile(
    optimizer=keras.optimizers.Adam(1e-3, epsilon=1e-7),
    loss=["sparse_categorical_crossentropy"] * 2,
    loss_weights=[1.0, 1.25],
)
x = np.random.default_rng(1).random((clips, 128, 128, 1), dtype=np.float32)
labels = [np.arange(clips) % 10, np.arange(clips) % 3]
version, work = f"tensorflow {tf.__version__}", f"batches of {batch}"
if kind == "train":
    value = rate(clips, 1 if batch > 64 else 2, lambda: network.fit(x, labels, batch_size=batch, epochs=1, verbose=0))
    say("attention CNN, training", value, "samples/s", version, work)
else:
    value = rate(clips, 7, lambda: network.predict(x, batch_size=batch, verbose=0))
    say("attention CNN, answers", value, "samples/s", version, work)
