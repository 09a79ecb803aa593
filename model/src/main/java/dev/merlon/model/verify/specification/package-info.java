/**
 * What is asked of a network, whoever asks: linear conditions on its outputs, exact, over sets of
 * inputs. Knows no network, no bounds and no file.
 */
@NullMarked
package dev.merlon.model.verify.specification;

import org.jspecify.annotations.NullMarked;
