/** Planted classes that break, or may do, what {@code ArchitectureRules} forbid elsewhere. */
@NullMarked
package dev.merlon.tests.planted.actors.job;

import org.jspecify.annotations.NullMarked;
