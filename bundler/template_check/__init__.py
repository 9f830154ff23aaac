"""Static check of templates: infer the type of every expression from the view's types, without a case."""
