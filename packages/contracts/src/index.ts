// Kinds, roles, part roles and tokens of the language-model world, each with its fake.
export {};
