/**
 * What processes of one build say to each other about work, as messages: what is asked of children,
 * what they answer, and failures. What a message means is one class here for each.
 */
@NullMarked
package dev.merlon.actors.wire;

import org.jspecify.annotations.NullMarked;
