/** Planted classes that break, or may do, what {@code ArchitectureRules} forbid elsewhere. */
@NullMarked
package dev.merlon.tests.planted.actors.device;

import org.jspecify.annotations.NullMarked;
