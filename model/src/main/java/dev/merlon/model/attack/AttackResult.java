package dev.merlon.model.attack;

import ai.djl.ndarray.NDArray;

/**
 * What an attack found.
 *
 * @param points one point of the perturbation set per sample, {@code [N, C, H, W]}
 * @param losses what was raised, at these points, {@code [N]}
 */
public record AttackResult(NDArray points, NDArray losses) {}
