"""Golden multinomial logistic regression, from scikit-learn.

    python logistic.py > logistic.json        (numpy, scikit-learn)

Inputs come from the integer formula of make.py; the classes overlap.
"""

import json

import numpy as np
import sklearn
from sklearn.linear_model import LogisticRegression

N, D, C = 90, 12, 3


def values(count, seed):
    i = np.arange(count, dtype=np.uint64)
    return (((i * 2654435761 + seed * 97531) % 2**32) >> 16) / 65536.0 - 0.5


labels = np.arange(N) % C
x = values(N * D, 7).reshape(N, D)
x[np.arange(N), labels] += 0.5
model = LogisticRegression(C=1.0, tol=1e-8, max_iter=10_000).fit(x.astype(np.float32), labels)
decision = x.astype(np.float32) @ model.coef_.T + model.intercept_
print(
    json.dumps(
        {
            "made_by": "tests/golden/logistic.py",
            "versions": {"sklearn": sklearn.__version__, "numpy": np.__version__},
            "decision": [round(v, 6) for v in (decision - decision.mean(1, keepdims=True)).flatten().tolist()],
            "accuracy": float((decision.argmax(1) == labels).mean()),
        }
    )
)
