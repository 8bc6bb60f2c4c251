// Every exported function has a docstring: a function declaration, a constant that holds a function, or a public class.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript6';
import { filesBelow, isTest } from '../lib/packages.mjs';
import { root } from '../lib/run.mjs';

const isFunction = (node) => node !== undefined && (ts.isArrowFunction(node) || ts.isFunctionExpression(node));
const exported = (node) =>
  ts.canHaveModifiers(node) && ts.getModifiers(node)?.some((m) => m.kind === ts.SyntaxKind.ExportKeyword);
const documented = (node) => ts.getJSDocCommentsAndTags(node).length > 0;

const undocumented = (file) => {
  const source = ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.Latest, true);
  const at = (node) => `${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
  return source.statements.filter(exported).flatMap((node) => {
    if (documented(node)) return [];
    if (ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node))
      return [`${at(node)}: '${node.name?.text ?? 'default'}' is exported without a docstring.`];
    if (!ts.isVariableStatement(node)) return [];
    return node.declarationList.declarations
      .filter((d) => isFunction(d.initializer))
      .map((d) => `${at(d)}: '${d.name.getText()}' is exported without a docstring.`);
  });
};

/** Faults: exported functions and classes without a docstring. */
export const check = () =>
  ['packages', 'apps', 'scripts']
    .flatMap((folder) => filesBelow(folder, ['.ts', '.mjs']))
    .filter((file) => !isTest(file) && !file.includes('/bin/'))
    .flatMap(undocumented);
