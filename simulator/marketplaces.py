"""What every marketplace allows: `/v3.0/marketplaces/`."""


def list_marketplaces(simulator, request):
    """Describe the marketplaces, all of them or those of an account.

    :param Simulator simulator: the application
    :param Request request: the request
    :return: marketplace code -> description
    :rtype: dict
    :raise ApiError: 403 for a foreign account
    :source: 002, "Get marketplace informations"
    """
    codes = list(simulator.world.marketplaces)
    if "account_id" in request.args:
        simulator.check_account(request, request.args["account_id"])
        own = request.account.get("marketplaces", codes)
        codes = [code for code in codes if code in own]
    if "marketplace" in request.args:
        codes = [code for code in codes if code == request.args["marketplace"]]
    return {code: simulator.world.marketplaces[code] for code in codes}


ROUTES = (("GET", "/v3.0/marketplaces/", list_marketplaces),)
