/** Planted classes that break, or may do, what {@code ArchitectureRules} forbid elsewhere. */
@NullMarked
package dev.merlon.tests.planted.model.bound;

import org.jspecify.annotations.NullMarked;
