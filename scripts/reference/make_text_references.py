#!/usr/bin/env python3
"""BLEU of sacreBLEU, and its words, for texts with odd characters.

    python scripts/reference/make_text_references.py

Needs sacrebleu (2.6.0). Writes Tests/TrainingTests/Fixtures/bleu.json: hypotheses, references, and what
case:mixed|eff:no|tok:13a|smooth:exp makes of them, with one reference a line or several; and lines with their words.
"""
import json
import os
import random

from sacrebleu.metrics import BLEU
from sacrebleu.tokenizers.tokenizer_13a import Tokenizer13a

HERE = os.path.dirname(os.path.abspath(__file__))
OUTPUT = os.path.join(HERE, "..", "..", "Tests", "TrainingTests", "Fixtures", "bleu.json")

LINES = [
    "", " ", "Hello, world!", "It costs 1,234.50 dollars.", "3.14, 2-3 and a-b, 10-", "Wait... what?..", "...,,,..",
    "a.b,c.5 5.a ,5 .5 5, 5.", "don't 'quote' \"me\"", "x&amp;y &lt;tag&gt; &quot;q&quot; &amp;lt; &", "<skipped>gone<skipped>",
    "end-\nof line-\n", "two\nlines", "tabs\tand\u00a0no-break\u3000spaces\u2009thin", "ein Mädchen in Grün – „Zitat“ …",
    "naïve cafe\u0301 caf\u00e9", "日本語のテキスト。１２３", "emoji 👩‍👩‍👧 🇩🇪!", "\u200bzero\u200bwidth\ufeff", "a\x1cb\x1fc\x85d",
    "{[(<@#$%^&*+=|~`/\\?>)]}", "1-2-3", "-5 - 5 --", "٣.٤ ١-٢", "I. e. U.S.A.", "a_b~c", "trailing   \r\n", "½ m², 5°C, 100%",
    "e\u0301.\u0301,", "\r\nfirst", "x\u2028y\u2029z", "9,.9", ",.,.", "1.,2", "a;b:c!d",
]

CORPORA = {
    "one line": (["the cat sat on mat"], ["the cat sat on the mat"]),
    "the same": (["Two dogs run .", "A man ."], ["Two dogs run .", "A man ."]),
    "nothing": (["a b c d"], ["e f g h"]),
    "empty hypothesis": ([""], ["a b"]),
    "empty reference": (["a b c d"], [""]),
    "both empty": ([""], [""]),
    "short": (["a man", "a"], ["a man", "a dog"]),
    "unigrams alone": (["a c b d", "dog the"], ["d b x a c", "the big dog"]),
    "clipped": (["the the the the the the the"], ["the cat is on the mat"]),
    "long hypothesis": (["a man is riding a big red bicycle down the street today"], ["a man is riding a bicycle"]),
    "case and punctuation": (["Ein mann, der läuft!", "2,5 km-weit"], ["Ein Mann der läuft !", "2,5 km weit"]),
    "odd lines": (LINES, LINES[1:] + LINES[:1]),
    "odd lines, nearly": ([line.replace("a", "b", 1) for line in LINES], LINES),
}

# Lists of references behind those of the hypotheses.
SEVERAL = {
    "two references": (["the cat sat on mat", "a dog"], [["the cat sat on the mat", "the dog"], ["a cat sat there", "a dog"]]),
    "two as near": (["a b c d e f"], [["a b c d"], ["a b c d e f g h"]]),
    "clipped by the larger": (["the the the the"], [["the cat"], ["the man the dog"], ["a the"]]),
    "odd lines, two references": (LINES, [LINES[1:] + LINES[:1], [line.replace("a", "b", 1) for line in LINES]]),
    "scrambled, three references": None,
}


def scrambled(count):
    """Sentences and copies of them with words left out, exchanged and repeated."""
    rng = random.Random(5)
    words = "ein eine der die das Mann Frau Hund läuft spielt in im Park , . und mit rotem Ball 2,5 - auf Straße".split()
    references = [" ".join(rng.choice(words) for _ in range(rng.randint(1, 25))) for _ in range(count)]
    hypotheses = []
    for reference in references:
        line = [word for word in reference.split() if rng.random() > 0.1]
        line = [rng.choice(words) if rng.random() < 0.15 else word for word in line]
        if rng.random() < 0.2:
            line += line[-3:]
        hypotheses.append(" ".join(line))
    return hypotheses, references


def entry(name, hypotheses, references, single):
    metric = BLEU()
    score = metric.corpus_score(hypotheses, references)
    signature = str(metric.get_signature()).rsplit("|", 1)[0]
    assert signature == f"nrefs:{len(references)}|case:mixed|eff:no|tok:13a|smooth:exp", signature
    return {"name": name, "hypotheses": hypotheses, "references": references[0] if single else references,
            "score": score.score, "precisions": score.precisions, "brevity_penalty": score.bp,
            "hypothesis_length": score.sys_len, "reference_length": score.ref_len, "text": str(score),
            "signature": signature}


def main():
    CORPORA["scrambled"] = hypotheses, references = scrambled(60)
    SEVERAL["scrambled, three references"] = hypotheses, [references, scrambled(61)[1][1:], hypotheses[::-1]]
    tokenize = Tokenizer13a()
    corpora = [entry(name, lines, [truth], True) for name, (lines, truth) in CORPORA.items()]
    several = [entry(name, lines, truths, False) for name, (lines, truths) in SEVERAL.items()]
    words = [{"line": line, "words": tokenize(line.rstrip()).split()} for line in LINES]
    with open(OUTPUT, "w") as file:
        json.dump({"corpora": corpora, "several": several, "words": words}, file)
        file.write("\n")


main()
