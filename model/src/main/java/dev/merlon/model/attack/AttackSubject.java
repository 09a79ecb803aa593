package dev.merlon.model.attack;

import ai.djl.ndarray.NDArray;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.norm.PerturbationSet;

/**
 * What an evaluation attacks.
 *
 * @param live the network with the statistics to attack
 * @param x {@code [N, C, H, W]} in the un-normalised input space
 * @param labels {@code int64 [N]}
 * @param set what may be done to each sample
 */
public record AttackSubject(LiveNetwork live, NDArray x, NDArray labels, PerturbationSet set) {}
