"""The pages of one case: form, materials, documents, bundle and history."""
