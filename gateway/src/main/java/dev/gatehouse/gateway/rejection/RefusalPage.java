package dev.gatehouse.gateway.rejection;

import io.vertx.core.buffer.Buffer;

/** What a person sees where a program would get a problem document. */
final class RefusalPage {
  private RefusalPage() {}

  /**
   * @param title plain text of the gateway's own
   * @param detail plain text of the gateway's own
   * @param next what to do about it: HTML of the gateway's own, may be empty
   * @param requestId hexadecimal digits
   */
  static Buffer render(String title, String detail, String next, String requestId) {
    return Buffer.buffer(
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>%1$s</title>
        <style>
        body { font: 1rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 20vh auto 0; padding: 0 1rem;
               color: #1f2933; background: #fff }
        small { color: #616e7c }
        @media (prefers-color-scheme: dark) { body { color: #e4e7eb; background: #1f2933 } small { color: #9aa5b1 }
          a { color: #93c5fd } }
        </style>
        </head>
        <body>
        <h1>%1$s</h1>
        <p>%2$s</p>
        %3$s
        <p><small>Request %4$s</small></p>
        </body>
        </html>
        """
            .formatted(title, detail, next, requestId));
  }
}
