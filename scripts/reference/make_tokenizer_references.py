#!/usr/bin/env python3
"""Byte pairs and word pieces of the library "tokenizers" of Hugging Face.

    python scripts/reference/make_tokenizer_references.py

Needs tokenizers. Writes Tests/DatasetsTests/Fixtures/tokenizers.json: a vocabulary trained on a few texts, and what
texts become with it; and the same for word pieces, whose file is kept whole.
"""
import json
import os

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

HERE = os.path.dirname(os.path.abspath(__file__))
OUTPUT = os.path.join(HERE, "..", "..", "Tests", "DatasetsTests", "Fixtures", "tokenizers.json")
SPECIAL = ["<pad>", "<start>", "<end>"]
SIZE, MINIMUM = 420, 2

WORDS = """the cat sat on the mat and the other cat, which was not the cat that sat, said: it's mine, I'm sure!
They'll see what we've got; don't you think we'd better go? aaaa aaa aaaaaa aa banana bananas ananas 1234 12 3412
größer größte Größe über überall naïve café cafés 你好 你好吗 世界 世界 🙂🙂 🙂"""
TEXTS = [WORDS, "\n".join(reversed(WORDS.split(" "))), WORDS.upper(), "  two  spaces\t\ttabs \n\n lines\r\n " * 3]
CASES = [
    "", " ", "the cat", "  the cats  sat ", "I'm here  123", "it's O'Neil's 'tis 'Ts", "bananananas aaaaaaa", "größtes Café",
    "cafe\u0301 nai\u0308ve", "你好世界吗", "🙂🙃 👨‍👩‍👧", "a\u00a0b\u2003c\u3000 d\u0085e", "x²½Ⅷ٣ 3rd", "\n\n\n a\n", "\ta\t\tb \t c",
    "don't DON'T don’t", "<pad> is no token <end", "!?... --- ,,,", "\x00\x1f\x7f", "___under_score__", "क्षि हिन्दी", "a  ", "  ",
    "\ufeffthe \u200b cat",
]


def tokenizer():
    result = Tokenizer(models.BPE())
    result.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    result.decoder = decoders.ByteLevel()
    return result


def case(bare, text):
    tokens = bare.encode(text).ids
    return {"text": text, "tokens": tokens, "decoded": bare.decode(tokens)}


def word_pieces(split=pre_tokenizers.BertPreTokenizer, **normalization):
    result = Tokenizer(models.WordPiece(unk_token="[UNK]", max_input_chars_per_word=12))
    result.normalizer = normalizers.BertNormalizer(**normalization)
    result.pre_tokenizer = split()
    result.decoder = decoders.WordPiece()
    result.train_from_iterator(TEXTS, trainers.WordPieceTrainer(
        vocab_size=260, special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]"], show_progress=False))
    return {
        "file": json.loads(result.to_str()),
        "cases": [{"text": text, "tokens": result.encode(text).ids} for text in CASES + ["[CLS] a [SEP]b"]],
    }


def main():
    trained = tokenizer()
    trained.train_from_iterator(TEXTS, trainers.BpeTrainer(
        vocab_size=SIZE, min_frequency=MINIMUM, special_tokens=SPECIAL, show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    content = json.loads(trained.to_str())
    vocabulary = content["model"]["vocab"]
    # The same tokens without added ones, which the library would find in texts.
    content["added_tokens"] = []
    bare = Tokenizer.from_str(json.dumps(content))
    prefix = pre_tokenizers.ByteLevel(add_prefix_space=True)
    cases = [case(bare, text) for text in CASES]
    bare.pre_tokenizer = prefix
    with open(OUTPUT, "w", encoding="utf-8") as file:
        json.dump({
            "texts": TEXTS, "size": SIZE, "special": SPECIAL, "minimumCount": MINIMUM,
            "vocabulary": sorted(vocabulary, key=vocabulary.get),
            "merges": [" ".join(pair) for pair in content["model"]["merges"]],
            "cases": cases, "prefixed": [case(bare, text) for text in CASES],
            "wordPieces": [
                word_pieces(), word_pieces(lowercase=False), word_pieces(clean_text=False, handle_chinese_chars=False, strip_accents=False),
                word_pieces(pre_tokenizers.Whitespace, strip_accents=False), word_pieces(pre_tokenizers.WhitespaceSplit),
            ],
        }, file, ensure_ascii=False)
        file.write("\n")


main()
