// Contract suites, gradient checks and reference traces for everyone who writes a plugin or a device.
export { deviceSuite, type DeviceSuiteOptions } from './device-suite.js';
export { checkGradients, testNumbers, type GradientCheckOptions, type GradientInput } from './gradient-check.js';
