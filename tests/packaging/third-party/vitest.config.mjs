export default { test: { include: ['dist/**/*.test.js'] } };
