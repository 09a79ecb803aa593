/**
 * Who owns what, when, and what happens on failure: typed actors, their supervision, and the
 * programs built of them. It may import every other module except {@code tests}.
 */
@NullMarked
package dev.merlon.actors;

import org.jspecify.annotations.NullMarked;
