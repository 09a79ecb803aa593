/**
 * Verdicts as facts, kept once for all commands in one file: what was proved or refuted about an
 * input of a model is not asked again. The only package that touches JDBC.
 */
@NullMarked
package dev.merlon.model.store;

import org.jspecify.annotations.NullMarked;
