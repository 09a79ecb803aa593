/**
 * Figures that describe a model on a sample of images: accuracies, tightness of bounds and the
 * states of rectifiers, for reports. They are measured beside training and certify nothing; it may
 * import every other package of {@code model} except training ones and, of {@code verify}, all but
 * the exact programs.
 */
@NullMarked
package dev.merlon.model.measure;

import org.jspecify.annotations.NullMarked;
