"""Lambda functions of the test: their handlers run as AWS Lambda runs them for events.

EventBridge hands an event to Lambda's queue, and its delivery has ended. What happens then is Lambda's: attempts,
retries, destinations and the function's own dead-letter queue.

    function.py        a function of the test: its handler, its settings, its versions and aliases
    handler.py         the call of a handler, with the environment of the function
    local_code.py      a handler in a folder, as a template names it
    context.py         the context object that a handler gets
    functions.py       the functions of a mock, which take deliveries of EventBridge
    queue.py           Lambda's queue: attempts, retries and ends of invocations
    destinations.py    what Lambda sends to destinations and dead-letter queues
    moto_function.py   what moto knows of a function

Source: lambda-and-handlers sections 1 to 4 and 7. Nothing here is imported before a test makes a function.
"""
