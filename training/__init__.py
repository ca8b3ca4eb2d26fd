"""How the language model that ships was made: corpus, labels, fine-tuning, export. For developers; see README.md."""
