/**
 * Perturbation sets and what follows from one: texts, membership, where attacks search, what bounds
 * start from. A new kind of set is one new {@link dev.merlon.model.norm.SetKind} and its line among
 * this module's services; a new norm is one new class and its line among those of {@link
 * dev.merlon.config.value.KnownNorm}.
 */
@NullMarked
package dev.merlon.model.norm;

import org.jspecify.annotations.NullMarked;
