package dev.gatehouse.deploy.demo;

import java.util.UUID;

/**
 * A tenant that the demo has made, as {@code demo.json} tells it.
 *
 * @param id given by the control plane
 * @param slug its subdomain
 * @param url where to reach it, where {@code *.localhost} resolves
 * @param host what to send in {@code Host} elsewhere
 * @param apiKey opens it
 */
record DemoTenant(UUID id, String slug, String url, String host, String apiKey) {}
