/** Settings of attacks, in training and in evaluation. */
@NullMarked
package dev.merlon.config.attack;

import org.jspecify.annotations.NullMarked;
