"""The law as values: 钢法发〔2021〕24号, article after article."""
