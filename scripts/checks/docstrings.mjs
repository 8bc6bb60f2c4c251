// Every exported function and class has a docstring, however it is exported: at its declaration, in a list, as the default.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript6';
import { filesBelow, isTest } from '../lib/packages.mjs';
import { root as repository } from '../lib/run.mjs';

/** An expression without the parentheses, `as`, `satisfies` and `!` around it. */
const bare = (node) =>
  node &&
  (ts.isParenthesizedExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isNonNullExpression(node))
    ? bare(node.expression)
    : node;
const isCallable = (node) =>
  node !== undefined && (ts.isArrowFunction(node) || ts.isFunctionExpression(node) || ts.isClassExpression(node));
const exported = (node) =>
  ts.canHaveModifiers(node) && ts.getModifiers(node)?.some((m) => m.kind === ts.SyntaxKind.ExportKeyword);
const documented = (node) =>
  ts.getJSDocCommentsAndTags(node).some((note) => !ts.isJSDoc(note) || note.comment || note.tags?.length);

/** Functions and classes that a statement declares: their name, the node that is named, the node that carries the docstring. */
const declaredBy = (statement) => {
  if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement))
    return [{ name: statement.name?.text ?? 'default', node: statement, carrier: statement }];
  if (!ts.isVariableStatement(statement)) return [];
  return statement.declarationList.declarations
    .filter((one) => isCallable(bare(one.initializer)))
    .map((one) => ({ name: one.name.getText(), node: one, carrier: statement }));
};

/** Local names that a statement exports apart from their declaration: `export { f, g as h }`, `export default f`. */
const listedBy = (statement) => {
  if (ts.isExportAssignment(statement)) {
    const value = bare(statement.expression);
    return ts.isIdentifier(value) ? [value.text] : [];
  }
  if (!ts.isExportDeclaration(statement) || statement.moduleSpecifier || statement.isTypeOnly) return [];
  return ts.isNamedExports(statement.exportClause)
    ? statement.exportClause.elements.filter((one) => !one.isTypeOnly).map((one) => (one.propertyName ?? one.name).text)
    : [];
};

const undocumented = (root, file) => {
  const source = ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.Latest, true);
  const listed = new Set(source.statements.flatMap(listedBy));
  const values = source.statements
    .filter((statement) => ts.isExportAssignment(statement) && isCallable(bare(statement.expression)))
    .map((statement) => ({ name: 'default', node: statement, carrier: statement }));
  const declared = source.statements.flatMap((statement) =>
    declaredBy(statement).filter(({ name }) => exported(statement) || listed.has(name)),
  );
  return [...declared, ...values]
    .filter(({ carrier }) => !documented(carrier))
    .map(({ name, node }) => {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      return `${file}:${line + 1}: '${name}' is exported without a docstring.`;
    });
};

/** Faults in the workspace at `root`: exported functions and classes without a docstring. */
export const check = ({ root = repository } = {}) =>
  ['packages', 'apps', 'scripts']
    .flatMap((folder) => filesBelow(folder, ['.ts', '.mjs', '.js'], root))
    .filter((file) => !isTest(file))
    .flatMap((file) => undocumented(root, file));
