"""The regulation 钢法发〔2021〕24号 as data: articles, papers, rules, deadlines."""
