// An import may only point down: read from every package.json and from every import of every source.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript6';
import { FLOORS, filesBelow, isTest, packages } from '../lib/packages.mjs';
import { root } from '../lib/run.mjs';

const shortOf = (specifier) =>
  specifier === 'ingot' || specifier.startsWith('ingot/') ? 'ingot' : /^@ingot\/([^/]+)/.exec(specifier)?.[1];

/** Specifiers of static imports, re-exports, dynamic imports and module augmentations. */
const specifiers = (file) => {
  const found = [];
  const source = ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.Latest, true);
  const visit = (node) => {
    const specifier =
      node.moduleSpecifier ??
      (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
        ? node.arguments[0]
        : undefined) ??
      (ts.isImportTypeNode(node) ? node.argument.literal : undefined);
    if (specifier && ts.isStringLiteralLike(specifier))
      found.push({ name: specifier.text, line: source.getLineAndCharacterOfPosition(specifier.getStart()).line + 1 });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
};

/** Faults: upward and sideways edges, undeclared dependencies, packages without a floor. */
export const check = () => {
  const faults = [];
  for (const { folder, manifest, short, floor } of packages()) {
    if (floor === undefined) {
      faults.push(`${folder}: package '${short}' has no floor in scripts/lib/packages.mjs.`);
      continue;
    }
    const shipped = { ...manifest.dependencies, ...manifest.peerDependencies };
    const declared = { ...shipped, ...manifest.devDependencies };
    const pointsDown = (to) => FLOORS[to] !== undefined && FLOORS[to] < floor;
    for (const name of Object.keys(shipped)) {
      const to = shortOf(name);
      if (to && !pointsDown(to))
        faults.push(
          `${folder}/package.json: '${short}' (floor ${floor}) may not depend on '${to}' (floor ${FLOORS[to]}): imports point down only.`,
        );
    }
    for (const file of filesBelow(join(folder, 'src'), ['.ts'])) {
      for (const { name, line } of specifiers(file)) {
        const where = `${file}:${line}`;
        if (name.startsWith('.')) {
          if (join(file, '..', name).startsWith(join(folder, 'src'))) continue;
          faults.push(`${where}: '${name}' leaves the package: import it by its package's name.`);
          continue;
        }
        if (name.startsWith('node:')) continue;
        const to = shortOf(name);
        const bare = name.startsWith('@') ? name.split('/').slice(0, 2).join('/') : name.split('/')[0];
        if (to && to !== short && !isTest(file) && !pointsDown(to))
          faults.push(
            `${where}: '${short}' (floor ${floor}) may not import '${to}' (floor ${FLOORS[to]}): imports point down only.`,
          );
        if (to !== short && !(bare in (isTest(file) ? { ...declared, vitest: '', '@ingot/testing': '' } : shipped)))
          faults.push(
            `${where}: '${bare}' is not in the ${isTest(file) ? 'dependencies' : 'shipped dependencies'} of ${folder}/package.json.`,
          );
      }
    }
  }
  return faults;
};
