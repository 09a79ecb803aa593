/** Settings of how a model is measured and which epoch's model is kept. */
@NullMarked
package dev.merlon.config.evaluation;

import org.jspecify.annotations.NullMarked;
