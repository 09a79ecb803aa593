/**
 * What is asked about a model: inputs with labels, perturbation sets and guarantees, and the names
 * that equal questions share.
 */
@NullMarked
package dev.merlon.model.verify.question;

import org.jspecify.annotations.NullMarked;
