"""Lists places that have an article in French that is not in their name: « le Sénégal », « la Loire »."""

from __future__ import annotations

_PLACES = """
Afghanistan, Afrique, Afrique du Sud, Albanie, Algérie, Allemagne, Amazonie, Amérique, Amérique latine,
Angleterre, Angola, Antarctique, Arabie saoudite, Arctique, Argentine, Arménie, Asie, Atlantique, Australie,
Autriche, Azerbaïdjan, Bahamas, Balkans, Bangladesh, Barbade, Belgique, Bénin, Bhoutan, Biélorussie, Birmanie,
Bolivie, Bosnie, Bosnie-Herzégovine, Botswana, Brésil, Bulgarie, Burkina, Burkina Faso, Burundi, Cambodge,
Cameroun, Canada, Cap-Vert, Catalogne, Centrafrique, Chili, Chine, Colombie, Comores, Congo, Corée,
Corée du Nord, Corée du Sud, Corse, Costa Rica, Côte d'Ivoire, Croatie, Danemark, Écosse, Égypte,
Émirats arabes unis, Équateur, Érythrée, Espagne, Estonie, États-Unis, Éthiopie, Europe, Finlande, France,
Gabon, Gambie, Géorgie, Ghana, Grande-Bretagne, Grèce, Groenland, Guadeloupe, Guatemala, Guinée, Guinée-Bissau,
Guinée équatoriale, Guyane, Honduras, Hongrie, Inde, Indonésie, Irak, Iran, Irlande, Irlande du Nord, Islande,
Italie, Jamaïque, Japon, Jordanie, Kazakhstan, Kenya, Kirghizistan, Kosovo, Koweït, Laos, Lesotho, Lettonie,
Liban, Liberia, Libye, Lituanie, Luxembourg, Macédoine, Maghreb, Malaisie, Malawi, Maldives, Mali, Maroc,
Martinique, Maurice, Mauritanie, Mexique, Moldavie, Mongolie, Monténégro, Mozambique, Namibie, Népal,
Nicaragua, Niger, Nigeria, Norvège, Nouvelle-Calédonie, Nouvelle-Zélande, Ouganda, Ouzbékistan, Pakistan,
Palestine, Panama, Paraguay, Pays-Bas, pays de Galles, Pérou, Philippines, Pologne, Polynésie, Portugal,
Proche-Orient, Moyen-Orient, Québec, République dominicaine, République tchèque, Roumanie, Royaume-Uni, Russie,
Rwanda, Sahara, Sahel, Salvador, Sénégal, Serbie, Seychelles, Sierra Leone, Slovaquie, Slovénie, Somalie,
Soudan, Soudan du Sud, Sri Lanka, Suède, Suisse, Suriname, Syrie, Tadjikistan, Tanzanie, Tchad, Tchéquie,
Tchétchénie, Thaïlande, Tibet, Togo, Tunisie, Turkménistan, Turquie, Ukraine, Uruguay, Vatican, Venezuela,
Vietnam, Wallonie, Flandre, Yémen, Zambie, Zimbabwe,
Alsace, Aquitaine, Auvergne, Bourgogne, Bretagne, Champagne, Franche-Comté, Gascogne, Île-de-France,
Languedoc, Limousin, Lorraine, Normandie, Occitanie, Picardie, Poitou, Provence, Savoie, Vendée, Valais,
Tessin, Ontario, Manitoba, Saskatchewan, Alberta, Gaspésie, Floride, Californie, Bavière, Lombardie, Toscane,
Sicile, Sardaigne, Andalousie, Crimée, Sibérie, Ain, Aisne, Allier, Ardèche, Ariège, Aube, Aude, Aveyron,
Calvados, Cantal, Charente, Cher, Corrèze, Creuse, Dordogne, Doubs, Drôme, Eure, Finistère, Gard, Gers, Gironde,
Hérault, Indre, Isère, Landes, Loir-et-Cher, Loiret, Lot, Lozère, Marne, Mayenne, Morbihan, Nièvre, Nord, Oise,
Orne, Pas-de-Calais, Puy-de-Dôme, Sarthe, Somme, Tarn, Var, Vaucluse, Vienne, Vosges, Yonne, Yvelines, Essonne,
Seine, Loire, Rhône, Garonne, Saône, Meuse, Moselle, Escaut, Danube, Rhin, Nil, Volga, Amazone, Mississippi,
Alpes, Pyrénées, Ardennes, Himalaya, Andes, Caucase, Méditerranée, Manche, Baltique, Pacifique
"""
ARTICLED_PLACES = frozenset(name.strip() for name in _PLACES.replace("\n", " ").split(","))
"""Countries, regions, French départements, rivers and mountains; none that is a town of the same name."""
