/**
 * Tests that cross modules: architecture, end to end, faults, golden values, benchmarks. It may
 * import everything, and nothing imports it.
 */
@NullMarked
package dev.merlon.tests;

import org.jspecify.annotations.NullMarked;
