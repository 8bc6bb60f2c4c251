// Contract suites, gradient checks and reference traces for everyone who writes a plugin or a device.
export {};
