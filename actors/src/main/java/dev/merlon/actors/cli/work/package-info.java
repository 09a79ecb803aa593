/**
 * What the commands do: training runs and certifications as a user sees them, and how they start,
 * log, stop and end. It may import every package of {@code actors} and below, except the commands.
 */
@NullMarked
package dev.merlon.actors.cli.work;

import org.jspecify.annotations.NullMarked;
