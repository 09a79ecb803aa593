/** The entry of child processes, which own the tensors that their parent does not want to have. */
@NullMarked
package dev.merlon.actors.engine;

import org.jspecify.annotations.NullMarked;
