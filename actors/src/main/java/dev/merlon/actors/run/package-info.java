/**
 * The directory of a training run: the name of every file in it, and the lines of its metrics. No
 * actors in it.
 */
@NullMarked
package dev.merlon.actors.run;

import org.jspecify.annotations.NullMarked;
