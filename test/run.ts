/** `npm test [filter…]`: runs the tests and closes with one plain line, `N passed, N failed`, for people and CI alike. */
import { startVitest } from 'vitest/node';

const filters = process.argv.slice(2);
const vitest = await startVitest('test', filters, { watch: false, run: true });
const modules = vitest.state.getTestModules();
const count = { passed: 0, failed: 0, skipped: 0 };
for (const module of modules) {
  for (const test of module.children.allTests()) {
    const state = test.result().state;
    if (state !== 'pending') count[state] += 1;
  }
  // A file that cannot even be read has no tests to count, and still is a failure.
  if (module.state() === 'failed' && [...module.children.allTests()].every(test => test.result().state !== 'failed')) {
    count.failed += 1;
  }
}
count.failed += vitest.state.getUnhandledErrors().length;
await vitest.close();
if (count.skipped > 0) process.stdout.write(`\n${count.skipped} skipped\n`);
process.stdout.write(`\n${count.passed} passed, ${count.failed} failed\n`);
process.exit(count.failed > 0 || count.passed === 0 ? 1 : 0);
