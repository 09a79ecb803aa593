/** Settings of the data: which set, what is held back of it, how images are augmented. */
@NullMarked
package dev.merlon.config.data;

import org.jspecify.annotations.NullMarked;
